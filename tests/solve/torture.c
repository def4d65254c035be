/* survey (temporary) */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "solve/model.h"
#include "synthetic.h"
static double now(void){struct timespec t;clock_gettime(CLOCK_MONOTONIC,&t);return (double)t.tv_sec+1e-9*(double)t.tv_nsec;}
static const double thetas[]={0.3,0.76,2,5,30,60}, etas[]={0.02,0.5,1,3}, rhos[]={0.02,0.2,1,3};
static void shock(dr_scenario*s,int k,const char*small,const char*sector){
  dr_status st=DR_OK;
  switch(k){
  case 0: st=dr_scenario_trade_cost(s,"all","all","all",2,false);break;
  case 1: st=dr_scenario_tariff(s,"all",small,"all",1,false);break;
  case 2: st=dr_scenario_tariff(s,"all",small,"all",10,false);break;
  case 3: st=dr_scenario_export_curb(s,small,"all",sector,0.999,DR_RENT_EXPORTER,false);break;
  case 4: st=dr_scenario_ban(s,"A0","A5","s0");break;
  case 5: st=dr_scenario_export_curb(s,small,"all",sector,0.999,DR_RENT_EXPORTER,true);break;
  }
  if(st!=DR_OK){fprintf(stderr,"%s\n",dr_error_text());exit(1);}
}
int main(int argc,char**argv){
  const char*world=argc>1?argv[1]:"synthetic"; int cl=argc>2?atoi(argv[2]):2; int only=argc>3?atoi(argv[3]):-1;
  double tol=1e-10; int step=argc>4?atoi(argv[4]):1;
  dr_economy*e=NULL; synthetic y; bool syn=strcmp(world,"synthetic")==0;
  const char*small="A0",*sector="s0";
  if(syn){ y=synthetic_new(6,4,9,false,true);
    /* A5 supplies 99.9% of what A0 buys of s0 */
    double all=0; for(size_t i=0;i<6;i++) all+=y.flow[(0*6+i)*4+0];
    double rest=all-y.flow[(0*6+5)*4];
    for(size_t i=0;i<5;i++) y.flow[i*4]*=0.001*all/rest;
    y.flow[5*4]=0.999*all;
    e=synthetic_economy(&y);
  } else { dr_world*w=NULL; if(dr_world_open(&w,world)||dr_economy_load(&e,w,0)){fprintf(stderr,"%s\n",dr_error_text());return 1;} dr_world_close(w); small="CHN"; sector="elec-eq"; sector=e->sector_codes.names[13]; }
  int count=0,failed=0; double total=0;
  for(int k=0;k<6;k++){ if((only>=0&&k!=only)||(k==4&&!syn)) continue;
   int kf=0; double kt=0,worst=0; int id=0;
   for(int t=0;t<6;t++){ char text[16]; snprintf(text,sizeof text,"%g",thetas[t]);
    dr_model*m=NULL; dr_model_options o={.elasticity=text,.closure=(dr_closure)cl,.tolerance=tol};
    if(dr_model_new(&m,e,&o)){fprintf(stderr,"%s\n",dr_error_text());return 1;}
    for(int a=0;a<4;a++)for(int b=0;b<4;b++)for(int l=0;l<2;l++){
      if(id++%step) continue;
      m->nests.cobb_douglas=etas[a]==1&&rhos[b]==1; m->nests.phi=m->nests.cobb_douglas?1:0.9; m->nests.psi=l?INFINITY:0;
      for(size_t s=0;s<m->sectors;s++){m->nests.eta[s]=etas[a];m->nests.rho[s]=rhos[b];}
      dr_scenario*s=NULL; dr_scenario_new(&s,e); shock(s,k,small,sector);
      dr_solution*sol=NULL; double t0=now(); dr_status st=dr_model_solve(&sol,m,s); double dt=now()-t0;
      count++; kt+=dt; worst=fmax(worst,dt);
      if(st!=DR_OK){failed++;kf++; printf("shock %d theta %g eta %g rho %g %s: %.2fs %s\n",k,thetas[t],etas[a],rhos[b],l?"mobile":"fixed",dt,dr_error_text());}
      else if(getenv("V")) printf("shock %d theta %g eta %g rho %g %s: %.3fs %d sweeps %d steps %d products %d parts %.1e\n",k,thetas[t],etas[a],rhos[b],l?"mobile":"fixed",dt,sol->certificate.sweeps,sol->certificate.newton_steps,sol->certificate.jacobian_products,sol->certificate.parts,sol->certificate.worst_residual);
      fflush(stdout); if(sol) dr_solution_free(sol); dr_scenario_free(s);
    } dr_model_free(m);} 
   printf("== shock %d: %d failed, %.2f s, worst %.3f s\n",k,kf,kt,worst); total+=kt;
  }
  printf("== %d solves, %d failed, %.2f s\n",count,failed,total);
}
